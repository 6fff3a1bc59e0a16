/** One item as it goes to ingestion (`Microsoft.ApplicationInsights.*`), as far as it is read here. */
export interface Envelope {
  readonly name: string;
  /** ISO 8601. */
  time: string;
  /** Percent; 100 is one row per item. */
  readonly sampleRate?: number;
  readonly iKey?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseType:
      | 'EventData'
      | 'MetricData'
      | 'ExceptionData'
      | 'RemoteDependencyData'
      | 'RequestData'
      | 'MessageData';
    readonly baseData: EnvelopeData;
  };
}

/** The members of all base types together; which are there depends on `baseType`. */
export interface EnvelopeData {
  readonly name?: string;
  readonly id?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly measurements?: Readonly<Record<string, number>>;
  readonly metrics?: readonly {
    readonly name: string;
    readonly kind?: string;
    readonly value: number;
    readonly count?: number;
    readonly min?: number;
    readonly max?: number;
  }[];
  readonly exceptions?: readonly {
    readonly typeName: string;
    readonly message: string;
    readonly stack?: string;
    readonly hasFullStack?: boolean;
  }[];
  readonly severityLevel?: string;
  readonly message?: string;
  readonly resultCode?: string;
  readonly responseCode?: string;
  readonly success?: boolean;
  readonly type?: string;
  readonly target?: string;
  readonly data?: string;
  readonly url?: string;
  readonly duration?: string;
}

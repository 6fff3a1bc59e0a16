import { describe, expect, it } from 'vitest';
import type { Envelope } from '../../../../src/local/telemetry/envelope.ts';
import { envelopeToRows } from '../../../../src/local/telemetry/envelopeToRow.ts';

const envelope = (data: Envelope['data'], more: Partial<Envelope> = {}): Envelope => ({
  name: 'Microsoft.ApplicationInsights',
  time: '2026-11-22T12:00:00.000Z',
  tags: { 'ai.cloud.role': 'keywatch', 'ai.operation.name': 'GET /orders' },
  data,
  ...more,
});

describe('ingestion, as it is modelled', () => {
  it('makes a dependency a row with its code as text and its duration in milliseconds', () => {
    const baseData = {
      name: 'POST /token',
      resultCode: '401',
      success: false,
      type: 'Http',
      target: 'login.example.com',
      duration: '1.02:03:04.500',
      properties: { a: 'b' },
    };
    expect(envelopeToRows(envelope({ baseType: 'RemoteDependencyData', baseData }))).toMatchObject([
      {
        table: 'AppDependencies',
        values: {
          TimeGenerated: Date.UTC(2026, 10, 22, 12),
          Type: 'AppDependencies',
          AppRoleName: 'keywatch',
          ResultCode: '401',
          DependencyType: 'Http',
          DurationMs: 93_784_500,
          Properties: { a: 'b' },
          ItemCount: 1,
        },
      },
    ]);
  });

  it('counts a sampled item for those that it stands for', () => {
    const [row] = envelopeToRows(envelope({ baseType: 'RequestData', baseData: {} }, { sampleRate: 20 }));
    expect(row?.values).toMatchObject({ ItemCount: 5, OperationName: 'GET /orders' });
  });

  it('makes one row of each point of a metric, with its sum and the number of its values', () => {
    const metrics = [
      { name: 'a', value: 8, count: 2, min: 3, max: 5 },
      { name: 'b', value: 7, count: 1 },
    ];
    const rows = envelopeToRows(envelope({ baseType: 'MetricData', baseData: { metrics } }));
    expect(
      rows.map(({ table, values }) => [table, values['Sum'], values['Max'], values['ItemCount']]),
    ).toEqual([
      ['AppMetrics', 8, 5, 2],
      ['AppMetrics', 7, 7, 1],
    ]);
  });

  it('keeps the outermost and the innermost exception, and its severity as a number', () => {
    const exceptions = [
      { typeName: 'vault_forbidden', message: 'outer' },
      { typeName: 'RestError', message: 'inner' },
    ];
    const baseData = { exceptions, severityLevel: 'Error' };
    const [row] = envelopeToRows(envelope({ baseType: 'ExceptionData', baseData }));
    expect(row?.values).toMatchObject({
      ExceptionType: 'vault_forbidden',
      OuterMessage: 'outer',
      InnermostType: 'RestError',
      SeverityLevel: 3,
    });
  });

  it('refuses an item whose table nobody has named', () => {
    const data = { baseType: 'PageViewData', baseData: {} } as unknown as Envelope['data'];
    expect(() => envelopeToRows(envelope(data))).toThrow('PageViewData');
  });
});

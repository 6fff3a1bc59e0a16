/** What was wrong with an answer that was used all the same. */
export interface AnswerDeviation {
  /** Stable, for queries. */
  readonly code:
    | 'status_not_200'
    | 'cut_off'
    | 'form_not_json'
    | 'broken_json'
    | 'content_type_not_json'
    | 'no_token_type'
    | 'token_type_not_bearer'
    | 'lifetime_not_a_number'
    | 'lifetime_negative'
    | 'lifetime_a_string'
    | 'lifetime_not_believed'
    | 'absolute_limit_refuted'
    | 'refresh_token_elsewhere'
    | 'refresh_token_unread'
    | 'rotation_contradicted'
    | 'excess_scope'
    | 'scope_missing';
  /** For people; holds nothing of the answer but names of members and numbers, and of the config. */
  readonly text: string;
}

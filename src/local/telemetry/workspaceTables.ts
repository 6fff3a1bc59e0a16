import type { TableSchemas } from 'kql-on-duckdb/tableSchemas';

/** Columns as KQL declares them, `Name:type`, in their order. */
const columns = (declared: string): Readonly<Record<string, string>> =>
  Object.fromEntries(declared.match(/\S+/g)?.map((column) => column.split(':')) ?? []);

/** Of every table of Application Insights. */
const TELEMETRY = `
  AppRoleInstance:string AppRoleName:string AppVersion:string _BilledSize:real ClientBrowser:string
  ClientCity:string ClientCountryOrRegion:string ClientIP:string ClientModel:string ClientOS:string
  ClientStateOrProvince:string ClientType:string IKey:string _IsBillable:string ItemCount:int
  OperationId:string OperationName:string ParentId:string Properties:dynamic ResourceGUID:string
  _ResourceId:string SDKVersion:string SessionId:string SourceSystem:string _SubscriptionId:string
  SyntheticSource:string TenantId:string TimeGenerated:datetime Type:string UserAccountId:string
  UserAuthenticatedId:string UserId:string`;

/**
 * The workspace tables that the alerts and the workbook may read, with the columns of the official list.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables
 * @see https://github.com/MicrosoftDocs/azure-reference-other azure-monitor-ref/tables/includes
 */
export const workspaceTables: TableSchemas = {
  AppRequests: columns(`${TELEMETRY}
    DurationMs:real Id:string Measurements:dynamic Name:string ReferencedItemId:string
    ReferencedType:string ResultCode:string Source:string Success:bool Url:string`),
  AppDependencies: columns(`${TELEMETRY}
    Data:string DependencyType:string DurationMs:real Id:string Measurements:dynamic Name:string
    ReferencedItemId:string ReferencedType:string ResultCode:string Success:bool Target:string`),
  AppExceptions: columns(`${TELEMETRY}
    Assembly:string Details:dynamic ExceptionType:string HandledAt:string InnermostAssembly:string
    InnermostMessage:string InnermostMethod:string InnermostType:string Measurements:dynamic
    Message:string Method:string OuterAssembly:string OuterMessage:string OuterMethod:string
    OuterType:string ProblemId:string SeverityLevel:int`),
  AppMetrics: columns(`${TELEMETRY}
    Max:real Min:real Name:string Sum:real`),
  AppEvents: columns(`${TELEMETRY}
    Measurements:dynamic Name:string`),
  AppTraces: columns(`${TELEMETRY}
    Measurements:dynamic Message:string ReferencedItemId:string ReferencedType:string SeverityLevel:int`),
  AZKVAuditLogs: columns(`
    AddressAuthorizationType:string Algorithm:string AppliedAssignmentId:string _BilledSize:real
    CallerIpAddress:string CertificateIssuerProperties:dynamic CertificatePolicyProperties:dynamic
    CertificateProperties:dynamic CertificateRequestProperties:dynamic ClientInfo:string
    CorrelationId:string DurationMs:int EnabledForDeployment:bool EnabledForDiskEncryption:bool
    EnabledForTemplateDeployment:bool EnablePurgeProtection:bool EnableRbacAuthorization:bool
    EnableSoftDelete:bool HsmPoolResourceId:string HttpStatusCode:int Id:string Identity:dynamic
    IsAccessPolicyMatch:bool IsAddressAuthorized:bool _IsBillable:string IsRbacAuthorized:bool
    KeyProperties:dynamic NetworkAcls:dynamic Nsp:dynamic OperationName:string OperationVersion:string
    Properties:dynamic RequestUri:string _ResourceId:string ResultDescription:string
    ResultSignature:string ResultType:string SecretProperties:dynamic Sku:dynamic
    SoftDeleteRetentionInDays:int SourceSystem:string StorageAccountProperties:dynamic
    StorageSasDefinitionProperties:dynamic SubnetId:string _SubscriptionId:string TenantId:string
    TimeGenerated:datetime Tlsversion:string TrustedService:string Type:string VaultProperties:dynamic`),
  FunctionAppLogs: columns(`
    ActivityId:string AppName:string _BilledSize:real Category:string EventId:int EventName:string
    ExceptionDetails:string ExceptionMessage:string ExceptionType:string FunctionInvocationId:string
    FunctionName:string HostInstanceId:string HostVersion:string _IsBillable:string Level:string
    LevelId:int Location:string Message:string ProcessId:int _ResourceId:string RoleInstance:string
    SourceSystem:string _SubscriptionId:string TenantId:string TimeGenerated:datetime Type:string`),
  AADServicePrincipalSignInLogs: columns(`
    AppId:string AuthenticationContextClassReferences:string AuthenticationProcessingDetails:string
    Category:string ConditionalAccessPolicies:string ConditionalAccessStatus:string CorrelationId:string
    FederatedCredentialId:string Id:string Identity:string IPAddress:string _IsBillable:string
    Level:string Location:string LocationDetails:string OperationName:string OperationVersion:string
    ResourceDisplayName:string ResourceGroup:string ResourceIdentity:string
    ResourceServicePrincipalId:string ResultDescription:string ResultSignature:string ResultType:string
    ServicePrincipalCredentialKeyId:string ServicePrincipalCredentialThumbprint:string
    ServicePrincipalId:string ServicePrincipalName:string SourceSystem:string TenantId:string
    Type:string UniqueTokenIdentifier:string _BilledSize:real DurationMs:long TimeGenerated:datetime`),
};

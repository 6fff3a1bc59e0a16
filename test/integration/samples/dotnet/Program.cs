using System.Xml.Linq;
using Azure.Core;

// SAMPLE ADDRESS [POLICY]: two calls of the partner at ADDRESS/partner, and what came of each; of `crowd` twenty at once.
var address = new Uri(args[1]);
var partner = new Uri(address, "/partner");
using var http = new HttpClient();
var calls = new GrantCalls(http, address, "api-client-id", "crm-bookings", new Given());
async Task<int> Call() => (int)(await calls.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, partner))).StatusCode;
if (args[0] == "token")
{
    for (var call = 0; call < 2; call++) Console.WriteLine(await Call());
}
else if (args[0] == "crowd")
{
    foreach (var status in await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Call()))) Console.WriteLine(status);
}
else
{
    var gateway = new Gateway(XDocument.Load(args[2]), http, partner);
    for (var call = 0; call < 2; call++) Console.WriteLine(await gateway.CallAsync());
}

internal sealed class Given : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext wanted, CancellationToken stop) =>
        new("identity for " + string.Join(" ", wanted.Scopes), DateTimeOffset.MaxValue);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext wanted, CancellationToken stop) =>
        new(GetToken(wanted, stop));
}

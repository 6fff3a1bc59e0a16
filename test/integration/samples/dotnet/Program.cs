using System.Xml.Linq;
using Azure.Core;

// SAMPLE ADDRESS [POLICY]: two calls of the partner at ADDRESS/partner, and what came of each.
var address = new Uri(args[1]);
var partner = new Uri(address, "/partner");
using var http = new HttpClient();
if (args[0] == "token")
{
    var calls = new GrantCalls(http, address, "api-client-id", "crm-bookings", new Given());
    for (var call = 0; call < 2; call++)
        Console.WriteLine((int)(await calls.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, partner))).StatusCode);
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

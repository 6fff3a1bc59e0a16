using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Identity;

/// <summary>Calls a partner with the access token of a grant. A token that is refused is reported, and the call made once more.</summary>
/// <param name="keywatch">Address of Keywatch, such as https://NAME.azurewebsites.net.</param>
/// <param name="clientId">Client id of Keywatch's app registration: callers.clientId of its config.</param>
/// <param name="grant">Id of the grant there.</param>
/// <param name="credential">Whoever this program runs as: a managed identity in Azure, you on your machine.</param>
public sealed class GrantCalls(HttpClient http, Uri keywatch, string clientId, string grant, TokenCredential? credential = null)
{
    private readonly TokenCredential me = credential ?? new DefaultAzureCredential();
    private sealed record Kept(string Token, DateTimeOffset Until);
    // One reference, so that concurrent calls see both of it or neither.
    private volatile Kept? kept;
    private readonly SemaphoreSlim one = new(1, 1);

    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> call, CancellationToken stop = default)
    {
        var token = await AccessTokenAsync(null, stop);
        var response = await SendAsync(call(), token, stop);
        if (response.StatusCode != HttpStatusCode.Unauthorized) return response;
        response.Dispose();
        return await SendAsync(call(), await AccessTokenAsync(token, stop), stop);
    }

    /// <summary>One call asks for all that wait; and a token that was refused may have been replaced for another call.</summary>
    private async Task<string> AccessTokenAsync(string? refused, CancellationToken stop)
    {
        bool Serves(Kept? last) => last is not null && last.Token != refused && DateTimeOffset.UtcNow < last.Until;
        if (kept is { } seen && Serves(seen)) return seen.Token;
        await one.WaitAsync(stop);
        try
        {
            return kept is { } last && Serves(last) ? last.Token : await AskAsync(refused, stop);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<string> AskAsync(string? refused, CancellationToken stop)
    {
        var mine = await me.GetTokenAsync(new TokenRequestContext([$"{clientId}/.default"]), stop);
        var wish = new Dictionary<string, object> { ["minimumSeconds"] = 120 };
        if (refused is not null)
            wish["refused"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(refused)))[..16];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(keywatch, $"/api/grants/{grant}/token"));
        request.Content = JsonContent.Create(wish);
        using var response = await SendAsync(request, mine.Token, stop);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
        var until = DateTimeOffset.UtcNow.AddSeconds(answer.GetProperty("expires_in").GetInt32() - 60);
        var token = answer.GetProperty("access_token").GetString()!;
        kept = new Kept(token, until);
        return token;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string token, CancellationToken stop)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http.SendAsync(request, stop);
    }
}

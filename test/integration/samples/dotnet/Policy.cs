using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml.Linq;
using Newtonsoft.Json.Linq;

// As much of the gateway of API Management as the sample policy needs; what it does not know it refuses.
// @see https://learn.microsoft.com/azure/api-management/api-management-policy-expressions

public interface IMessageBody
{
    T As<T>(bool preserveContent = false);
}

public interface IResponse
{
    int StatusCode { get; }
    Headers Headers { get; }
    IMessageBody Body { get; }
}

public sealed class Headers : Dictionary<string, string>
{
    public Headers() : base(StringComparer.OrdinalIgnoreCase) { }

    public string GetValueOrDefault(string name, string other) => TryGetValue(name, out var value) ? value : other;
}

public sealed class Variables : Dictionary<string, object>
{
    public T GetValueOrDefault<T>(string name, T other) =>
        TryGetValue(name, out var value) && value != null ? (T)value : other;
}

public sealed class Context
{
    public Variables Variables { get; } = new Variables();
    public IResponse Response { get; set; }
}

public sealed class Gateway
{
    private sealed class Answer : IResponse, IMessageBody
    {
        public int StatusCode { get; set; }
        public Headers Headers { get; } = new Headers();
        public string Text { get; set; }
        public IMessageBody Body => this;
        public T As<T>(bool preserveContent) => (T)(object)JObject.Parse(Text);
    }

    private readonly XDocument policy;
    private readonly HttpClient http;
    private readonly Uri partner;
    private readonly Dictionary<string, string> cache = new Dictionary<string, string>();
    private Context context;
    private Headers headers;
    private string returned;

    public Gateway(XDocument policy, HttpClient http, Uri partner)
    {
        this.policy = policy;
        this.http = http;
        this.partner = partner;
    }

    /// <returns>The status that the caller gets, and how long to wait where that is said.</returns>
    public async Task<string> CallAsync()
    {
        (context, headers, returned) = (new Context(), new Headers(), null);
        await RunAsync(policy.Root.Element("inbound"));
        var backend = policy.Root.Element("backend");
        if (backend.Elements().Count() != 1) throw new InvalidOperationException("backend takes one policy");
        await RunAsync(backend);
        return returned ?? context.Response.StatusCode.ToString();
    }

    private async Task RunAsync(XElement parent)
    {
        foreach (var element in parent.Elements())
        {
            if (returned != null) return;
            await DoAsync(element);
        }
    }

    private async Task DoAsync(XElement element)
    {
        string At(string name) => Value(element.Attribute(name).Value).ToString();
        switch (element.Name.LocalName)
        {
            case "base":
                return;
            case "set-variable":
                context.Variables[At("name")] = Value(element.Attribute("value").Value);
                return;
            case "cache-lookup-value":
                if (cache.TryGetValue(At("key"), out var kept)) context.Variables[At("variable-name")] = kept;
                return;
            case "cache-store-value":
                if (int.Parse(At("duration")) <= 0) throw new InvalidOperationException("duration is positive");
                cache[At("key")] = At("value");
                return;
            case "set-header":
                headers[At("name")] = Value(element.Element("value").Value).ToString();
                return;
            case "choose":
                var chosen = element.Elements("when").FirstOrDefault(when => (bool)Value(when.Attribute("condition").Value));
                if (chosen != null) await RunAsync(chosen);
                return;
            case "retry":
                for (var left = int.Parse(At("count")); ; left--)
                {
                    await RunAsync(element);
                    if (returned != null || left == 0 || !(bool)Value(element.Attribute("condition").Value)) return;
                }
            case "send-request":
                context.Variables[At("response-variable-name")] = await AskAsync(element);
                return;
            case "forward-request":
                var forwarded = new HttpRequestMessage(HttpMethod.Get, partner);
                forwarded.Headers.TryAddWithoutValidation("Authorization", headers["Authorization"]);
                context.Response = await SendAsync(forwarded);
                return;
            case "return-response":
                var retryAfter = element.Elements("set-header").Single(each => each.Attribute("name").Value == "Retry-After");
                returned = element.Element("set-status").Attribute("code").Value + " " + Value(retryAfter.Element("value").Value);
                return;
            default:
                throw new NotSupportedException(element.Name.LocalName);
        }
    }

    private async Task<IResponse> AskAsync(XElement element)
    {
        string In(string name) => Value(element.Element(name).Value).ToString();
        var resource = element.Element("authentication-managed-identity").Attribute("resource").Value;
        var request = new HttpRequestMessage(new HttpMethod(In("set-method")), In("set-url"));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer identity for " + resource);
        request.Content = new StringContent(In("set-body"), Encoding.UTF8, "application/json");
        try
        {
            return await SendAsync(request);
        }
        catch (HttpRequestException) when (element.Attribute("ignore-error").Value == "true")
        {
            return null;
        }
    }

    private async Task<IResponse> SendAsync(HttpRequestMessage request)
    {
        var response = await http.SendAsync(request);
        var answer = new Answer { StatusCode = (int)response.StatusCode, Text = await response.Content.ReadAsStringAsync() };
        foreach (var header in response.Headers) answer.Headers[header.Key] = string.Join(",", header.Value);
        return answer;
    }

    /// <summary>A literal, or what the expression comes to, which the test had compiled.</summary>
    private object Value(string text)
    {
        var oneLine = Regex.Replace(text, @"\s+", " ").Trim();
        return oneLine.StartsWith("@") ? Expressions.All[oneLine](context) : oneLine;
    }
}

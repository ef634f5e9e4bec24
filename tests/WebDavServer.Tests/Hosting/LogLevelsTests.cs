using Microsoft.Extensions.Logging;
using WebDavServer.Hosting;

namespace WebDavServer.Tests.Hosting;

public sealed class LogLevelsTests
{
    private const string FrameworkRequests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    [Theory]
    [InlineData(null, true)]
    [InlineData("Microsoft=Warning", false)]
    [InlineData("Microsoft.AspNetCore.Hos=Warning", true)] // no part of a name
    [InlineData("Microsoft=Warning;Microsoft.AspNetCore=Information", true)]
    [InlineData(FrameworkRequests + "=Debug;Microsoft=Fatal", true)]
    public void The_frameworks_lines_about_requests_are_off_where_none_would_be_written(string? overrides, bool isOn)
    {
        LoggerFilterOptions filter = Read([.. (overrides?.Split(';') ?? []).Select(pair => pair.Split('=')).Select(pair => ($"Override:{pair[0]}", pair[1]))]);

        LoggerFilterRule? off = filter.Rules.FirstOrDefault(rule => rule.CategoryName == FrameworkRequests && rule.LogLevel == LogLevel.None);

        Assert.Equal(isOn, off is null);
    }

    [Theory]
    [InlineData("Information", true)]
    [InlineData("Warning", false)]
    public void The_level_for_all_counts_for_them(string level, bool isOn) =>
        Assert.Equal(isOn, Read([("Default", level)]).Rules.All(rule => rule.LogLevel != LogLevel.None));

    private static LoggerFilterOptions Read((string Key, string Value)[] settings)
    {
        List<string> faults = [];
        LogLevels levels = new(ServerSettings.Of(settings.Select(pair => KeyValuePair.Create($"{LogLevels.Section}:{pair.Key}", (string?)pair.Value))).Configuration, faults);
        LoggerFilterOptions filter = new();
        levels.Configure(filter);
        Assert.Empty(faults);
        return filter;
    }
}

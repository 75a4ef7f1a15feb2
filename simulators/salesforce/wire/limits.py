"""Limits, versions and the list of resources."""

from __future__ import annotations

from typing import Any

VERSIONS = {
    "58.0": "Summer '23",
    "59.0": "Winter '24",
    "60.0": "Spring '24",
    "61.0": "Summer '24",
    "62.0": "Winter '25",
    "63.0": "Spring '25",
    "64.0": "Summer '25",
    "65.0": "Winter '26",
    "66.0": "Spring '26",
    "67.0": "Summer '26",
    "68.0": "Winter '27",
}


def versions() -> list[dict[str, str]]:
    """GET /services/data."""
    return [{"label": label, "url": f"/services/data/v{n}", "version": n} for n, label in VERSIONS.items()]


def resources(version: str) -> dict[str, str]:
    """GET /services/data/{version}."""
    names = (
        "tooling", "query", "search", "queryAll", "limits", "sobjects", "jobs", "composite",
        "parameterizedSearch",
    )  # fmt: skip
    path = f"/services/data/{version}"
    out = {name: f"{path}/{name}" for name in names}
    return {**out, "jobs": f"{path}/jobs", "recent": f"{path}/recent"}


# Allocations of a small org that this mock does not count; all of each is left.
_UNCOUNTED = {
    "DailyBulkApiBatches": 15_000, "DailyBulkV2QueryJobs": 10_000, "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyAsyncApexExecutions": 250_000, "DailyWorkflowEmails": 1_000, "DailyStreamingApiEvents": 10_000,
    "DailyDurableStreamingApiEvents": 10_000, "DailyGenericStreamingApiEvents": 10_000,
    "DailyDeliveredPlatformEvents": 10_000, "HourlyPublishedPlatformEvents": 50_000, "DataStorageMB": 1_024,
    "FileStorageMB": 1_024, "SingleEmail": 5_000, "MassEmail": 5_000, "PermissionSets": 1_500,
    "ConcurrentAsyncGetReportInstances": 200, "ConcurrentSyncReportRuns": 20, "HourlyAsyncReportRuns": 1_200,
    "HourlySyncReportRuns": 500, "HourlyDashboardRefreshes": 200, "HourlyDashboardResults": 5_000,
    "HourlyDashboardStatuses": 999_999_999, "HourlyODataCallout": 20_000, "HourlyTimeBasedWorkflow": 1_000,
    "DailyStandardVolumePlatformEvents": 25_000, "DailyDurableGenericStreamingApiEvents": 10_000,
    "MonthlyPlatformEventsUsageEntitlement": 0, "StreamingApiConcurrentClients": 20,
    "DurableStreamingApiConcurrentClients": 20, "DailyAsyncApexTests": 500, "Package2VersionCreates": 6,
    "ActiveScratchOrgs": 40, "DailyScratchOrgs": 80,
}  # fmt: skip


def limits(limit: int, used: int) -> dict[str, Any]:
    """GET /limits."""
    counted = {"DailyApiRequests": {"Max": limit, "Remaining": max(limit - used, 0)}}
    return counted | {name: {"Max": most, "Remaining": most} for name, most in _UNCOUNTED.items()}

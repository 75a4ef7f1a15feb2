"""What a run leaves behind, a file a system; money in whole minor units, moments in µs since 1970 UTC."""

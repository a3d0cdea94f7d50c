"""Settings, urls, the home of one platform and its servers."""

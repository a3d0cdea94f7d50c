"""Forms by the XLSForm standard: read, published in editions, filled on pages, phones and by OpenRosa clients."""

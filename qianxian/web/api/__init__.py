"""What other systems may ask and bring, in JSON: /api/, described at /api/docs."""

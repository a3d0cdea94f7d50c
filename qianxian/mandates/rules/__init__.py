"""Who is responsible, by the register of power, duty and benefit: pure rules."""

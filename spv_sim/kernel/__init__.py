"""numba's ground: settings, lanes, vector mathematics, draws by address, internal rates. Knows no finance."""

"""Edge cases of model §19, each under its number: they have a defined result.

Numbers without a test need what the model does not have yet: floating rates, refinancing,
programmes, tax.
"""

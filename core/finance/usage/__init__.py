"""From events of use to an amount: intake, aggregation, price models, spend limits, late corrections."""

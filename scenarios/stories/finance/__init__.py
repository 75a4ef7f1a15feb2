"""Stories that a controller knows by name, one a file; `index` names them all."""

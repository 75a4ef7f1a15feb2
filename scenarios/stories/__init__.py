"""Stories that come with the lab, one a file; `index` names them all."""

"""Pictures as inline SVG: no script, no outside file, colours that follow the page's theme."""

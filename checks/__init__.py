"""What is checked and prepared beside the tests: catalogues, a browser, a database server."""

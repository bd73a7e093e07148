select tidemark.grant_access();

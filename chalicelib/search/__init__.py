"""Finding tickets by anything that was said in them: the language, the documents, the engines and their index."""

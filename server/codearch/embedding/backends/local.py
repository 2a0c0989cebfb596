"""Any sentence-embedding model that somebody has exported to ONNX, with its tokenizer."""

from codearch.embedding.backends._backend import Backend, Lengths, Wanted, optional, required

BACKEND = Backend(
    name="local",
    title="A sentence-embedding model of your own, as a folder with an ONNX file",
    licence="its own",
    input="sentence",
    pooling="own",  # 1_Pooling/config.json of sentence-transformers, else the mean
    dimension=0,
    lengths=(Lengths(256), Lengths(128), Lengths(512)),
    files=(
        Wanted(("model.onnx", "onnx/model.onnx")),
        required("tokenizer.json"),
        required("config.json"),
        # Weights of more than two gigabytes lie beside the graph.
        *(
            optional(f"{where}model.onnx{end}")
            for where in ("", "onnx/")
            for end in ("_data", ".data")
        ),
        optional("tokenizer_config.json"),
        optional("special_tokens_map.json"),
        optional("sentence_bert_config.json"),
        optional("config_sentence_transformers.json"),
        optional("modules.json"),
        optional("1_Pooling/config.json"),
    ),
    source="https://www.sbert.net",
)

package dev.pawl.experiments;

import dev.pawl.model.config.Setting;

/** One evaluation task. */
public record TaskSpec(
    @Setting(doc = "Name in the results.") String name,
    @Setting(doc = "cloze or choice.") TaskKind kind,
    @Setting(doc = "Its JSON lines; corpus:PATH is a file of the built-in corpus.") String file,
    @Setting(doc = "First documents only; 0 is all.", defaultValue = "0", min = 0) int limit,
    @Setting(doc = "fail or skip where the file is not there.", defaultValue = "fail")
        IfMissing ifMissing) {}

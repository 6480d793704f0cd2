package dev.pawl.experiments;

import dev.pawl.model.config.Setting;
import java.util.Optional;

/** One evaluation task. */
public record TaskSpec(
    @Setting(doc = "Name in the results.") String name,
    @Setting(doc = "A named task, or the YAML of one; the name where left out.")
        Optional<String> kind,
    @Setting(
            doc =
                "Its documents where they are not in the task's own file; corpus:PATH is a file of the built-in corpus.")
        Optional<String> file,
    @Setting(doc = "First documents only; 0 is all.", defaultValue = "0", min = 0) int limit,
    @Setting(doc = "fail or skip where the file is not there.", defaultValue = "fail")
        IfMissing ifMissing) {}

package dev.pawl.model.config;

/** The built-in corpus: small English stories out of a seeded grammar. Synthetic. */
public record StoriesConfig(
    @Setting(doc = "Seed of the generator.", defaultValue = "1") long seed,
    @Setting(doc = "Stories to train on.", defaultValue = "20000", min = 1) int documents,
    @Setting(doc = "Held-out stories.", defaultValue = "400", min = 1) int validDocuments,
    @Setting(doc = "Documents in each of the two tasks.", defaultValue = "200", min = 1)
        int taskDocuments,
    @Setting(doc = "Shards the training stories are cut into.", defaultValue = "4", min = 1)
        int shards) {}

/** What a Temporal server gets to see: payloads that are encrypted, failures without secrets. */
@org.jspecify.annotations.NullMarked
package dev.pawl.cli.crypto;

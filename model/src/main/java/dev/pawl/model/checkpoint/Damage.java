package dev.pawl.model.checkpoint;

/**
 * A checkpoint that was found damaged and set aside.
 *
 * @param step of its folder's name
 * @param problem what is wrong, in words, with the file's place
 */
public record Damage(long step, String problem) {}

package dev.pawl.model.config;

/** A value of {@code cls}: it says what the {@code config} beside it is read as. */
public interface ModelClass {

  /** The record of the {@code config}. */
  Class<? extends Record> configType();
}

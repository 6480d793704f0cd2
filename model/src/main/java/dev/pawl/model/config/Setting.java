package dev.pawl.model.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one configuration value: its meaning, its default and its bounds.
 *
 * <p>Placed on a record component. The YAML key is the component's name in snake_case. The default
 * is written as it would be written in YAML.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
  /** One sentence: meaning, unit, and what a special value such as 0 stands for. */
  String doc();

  /** Default as YAML text; {@link #REQUIRED} when the user must give a value. */
  String defaultValue() default REQUIRED;

  /** Smallest accepted number. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Largest accepted number. */
  double max() default Double.POSITIVE_INFINITY;

  /** Marks a value without default. */
  String REQUIRED = "\0required";
}

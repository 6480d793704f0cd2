/**
 * What a model, its training and its data look like, as plain records.
 *
 * <p>The records are the single place for defaults and bounds ({@link
 * dev.pawl.model.config.Setting}); YAML binding, dry runs and stage keys are all derived from them.
 * Nothing here touches a tensor.
 */
@NullMarked
package dev.pawl.model.config;

import org.jspecify.annotations.NullMarked;

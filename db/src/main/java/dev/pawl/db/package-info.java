/**
 * The record: schema, stores and result views over PostgreSQL. Knows neither tensors nor Temporal.
 */
@NullMarked
package dev.pawl.db;

import org.jspecify.annotations.NullMarked;

/**
 * What the report of experiments reads: each part of it is a query over the views and a record.
 * Every query takes the runs it is about and reads no others.
 */
@NullMarked
package dev.pawl.db.report;

import org.jspecify.annotations.NullMarked;

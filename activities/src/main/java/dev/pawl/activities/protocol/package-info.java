/** How a stage becomes durable: claim, do, publish, record, each step fenced and repeatable. */
@NullMarked
package dev.pawl.activities.protocol;

import org.jspecify.annotations.NullMarked;

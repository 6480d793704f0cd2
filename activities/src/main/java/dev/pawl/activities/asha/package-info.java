/** Early stopping of sweeps by asynchronous successive halving: the rule, and who asks it. */
@NullMarked
package dev.pawl.activities.asha;

import org.jspecify.annotations.NullMarked;

/** Zero-shot evaluation: documents to requests, requests to scores, scores to metrics. */
@NullMarked
package dev.pawl.model.evaluation;

import org.jspecify.annotations.NullMarked;

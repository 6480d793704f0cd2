package dev.pawl.experiments.sweep;

import java.util.List;
import java.util.Optional;

/**
 * What a {@code sweep:} says.
 *
 * @param settings how to go about the runs
 * @param earlyStopping which of them end early, if any do
 * @param groups axes that go through their values together; the product is over the groups
 * @param points named points, beside the product
 * @param seeds every point is run with each of them; no values where nothing is said
 * @param exclusions what is left out
 * @param samples none, or one
 * @param place of the section
 */
record Grammar(
    SweepSettings settings,
    Optional<EarlyStopping> earlyStopping,
    List<List<Axis>> groups,
    List<Point> points,
    List<AxisValue> seeds,
    List<Exclusion> exclusions,
    List<Sample> samples,
    String place) {

  /** Keys of all axes. */
  List<String> keys() {
    return groups.stream().flatMap(List::stream).map(Axis::key).toList();
  }
}

package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients under dropout against central differences of the loss with the same masks, in fp64. */
class DropoutGradientTest {
  private static final double STEP = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "vanilla, false",
    "vanilla, true",
    "prefix, false",
    "prefix, true",
    "two vectors, false"
  })
  void gradientsAreThoseOfTheDroppedModel(String name, boolean recompute) {
    try (GoldenModel plain = new GoldenModel(config(name, 0, 0), recompute);
        GoldenModel model = new GoldenModel(config(name, 0.2, 0.3), recompute)) {
      double loss = loss(model);
      assertNotEquals(loss(plain), loss, 1e-4);
      assertEquals(loss, loss(model));
      model.gradients.values().forEach(g -> g.set(TensorScope.direct(8 * g.size())));
      loss(model);
      Map<String, double[]> gradients = new LinkedHashMap<>();
      model.gradients.forEach((parameter, tensor) -> gradients.put(parameter, tensor.toDoubles()));
      for (Map.Entry<String, Tensor> weight : model.weights.entrySet()) {
        double[] gradient = gradients.get(weight.getKey());
        int steepest = 0;
        for (int i = 0; i < gradient.length; i++) {
          steepest = Math.abs(gradient[i]) > Math.abs(gradient[steepest]) ? i : steepest;
        }
        double slope = slope(model, weight.getValue(), steepest);
        assertEquals(slope, gradient[steepest], 1e-8 + 1e-7 * Math.abs(slope), weight.getKey());
      }
    }
  }

  private static double slope(GoldenModel model, Tensor weight, int index) {
    double value = weight.toDoubles()[index];
    put(weight, index, value + STEP);
    double above = loss(model);
    put(weight, index, value - STEP);
    double below = loss(model);
    put(weight, index, value);
    return (above - below) / (2 * STEP);
  }

  private static double loss(GoldenModel model) {
    return model.lossAndGradients(GoldenModel.IDS, GoldenModel.MASK, 1)[0];
  }

  private static void put(Tensor weight, int index, double value) {
    weight.setPart(index, TensorScope.direct(8).putDouble(value).flip());
  }

  private static ModelConfig config(String name, double hidden, double attention) {
    DecoderConfig stack = GoldenModel.tiny().withDropout(hidden, attention);
    if (name.equals("vanilla")) {
      return new VanillaConfig(48, stack);
    }
    EmbedderConfig two =
        new EmbedderConfig(
            EmbedderClass.LOOKUP, 2, 3, ProjectionMethod.NULL, new LookupConfig(16, 0.02));
    return new BlockConfig(
        48,
        4,
        name.equals("prefix") ? EmbedderConfig.lookup(8) : two,
        BlockDecoderConfig.of(stack),
        TokenDecoderConfig.prefix(name.equals("prefix") ? 2 : 1, stack));
  }
}

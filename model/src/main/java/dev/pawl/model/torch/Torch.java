package dev.pawl.model.torch;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runtime: libtorch through DJL, started once a process.
 *
 * <p>The number of threads is fixed when the engine starts and is part of what decides a result to
 * the last bit; {@link #threads()} tells it.
 */
public final class Torch {
  static final String ENGINE = "PyTorch";

  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final String INTEROP_THREADS = "ai.djl.pytorch.num_interop_threads";

  /**
   * The optimizer setting is thread-local in libtorch: each thread sets it before its first call.
   */
  private static final ThreadLocal<Boolean> PREPARED =
      ThreadLocal.withInitial(
          () -> {
            JniUtils.setGraphExecutorOptimize(false);
            return true;
          });

  private static final class MemoryHolder {
    static final Program MEMORY = load("memory", "Memory", List.of(), Map.of());
  }

  private static @Nullable ComputeDevice chosen;

  private Torch() {}

  /**
   * Chooses where this process computes, before its engine starts; otherwise PAWL_DEVICE does.
   *
   * @param name {@code cpu}, {@code cuda} or {@code cuda:N}
   * @throws PawlException CONFIG when there is no such kind of device
   */
  public static synchronized void use(String name) {
    chosen = ComputeDevice.of(name);
  }

  private static synchronized ComputeDevice device() {
    ComputeDevice known = chosen;
    if (known == null) {
      known = ComputeDevice.of(System.getenv().getOrDefault(ComputeDevice.VARIABLE, "cpu"));
      chosen = known;
    }
    return known;
  }

  /**
   * Fixes the number of threads of the engine; the first call decides.
   *
   * @throws PawlException CONFIG when the engine already runs with another number
   */
  public static synchronized void start(int threads) {
    String fixed = System.getProperty(THREADS);
    if (fixed != null && Integer.parseInt(fixed) != threads) {
      throw new PawlException(
          FailureCause.CONFIG,
          "this process already computes with %s threads and cannot change to %d: start pawl again"
              .formatted(fixed, threads));
    }
    System.setProperty(THREADS, Integer.toString(threads));
    if (System.getProperty(INTEROP_THREADS) == null) {
      System.setProperty(INTEROP_THREADS, "1");
    }
    device().requirePresent(Engine.getEngine(ENGINE));
  }

  /** Threads inside an operation. */
  public static int threads() {
    return Integer.parseInt(System.getProperty(THREADS, "0"));
  }

  /** The kind of device that this process computes on: {@code cpu} or {@code cuda}. */
  public static String deviceKind() {
    return device().kind();
  }

  /** The device that this process computes on, such as {@code cuda:0}. */
  public static String deviceName() {
    return device().toString();
  }

  /** The version of libtorch. */
  public static String version() {
    return Engine.getEngine(ENGINE).getVersion();
  }

  /** A scope for tensors on this process's device. */
  public static TensorScope scope() {
    prepareThread();
    return TensorScope.on(device().device());
  }

  /**
   * Loads a program.
   *
   * @param name its file without ending
   * @param type the class in it
   * @param libraries further files that it calls
   * @param settings values of the attributes that the class declares
   */
  public static Program load(
      String name, String type, List<String> libraries, Map<String, Object> settings) {
    Map<String, String> files = new LinkedHashMap<>();
    for (String library : libraries) {
      files.put(library, library.equals(PackedProducts.PLAIN) ? PackedProducts.file() : library);
    }
    return load(name, type, files, settings);
  }

  static Program load(
      String name, String type, Map<String, String> libraries, Map<String, Object> settings) {
    prepareThread();
    byte[] archive = ProgramArchive.of(name, type, libraries, settings);
    Model model = Model.newInstance(name, device().device(), ENGINE);
    try {
      model.load(new ByteArrayInputStream(archive));
      // DJL makes an empty folder for each, and would keep it until the process ends of itself: a
      // worker loads thousands, and a killed one leaves its own behind for ever.
      Files.deleteIfExists(model.getModelPath());
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new PawlException(FailureCause.BUG, "program " + name + " does not load", e);
    }
    return new Program(name, model);
  }

  /** The program that copies between tensors; lives as long as the process. */
  static Program memory() {
    return MemoryHolder.MEMORY;
  }

  static void prepareThread() {
    PREPARED.get();
  }
}

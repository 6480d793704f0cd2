package dev.pawl.model.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive out of plain program texts: a zip of stored entries whose code part
 * is source text, and a pickle that names the class and carries its settings.
 */
final class ProgramArchive {
  private static final String FOLDER = "/dev/pawl/model/torchscript/";
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private ProgramArchive() {}

  /**
   * The archive of one program.
   *
   * @param name file of the program without its ending, a resource
   * @param type name of the class in it
   * @param libraries further programs that it calls by full name, and their files without ending
   * @param settings attributes of the class: Long, Integer, Boolean or Double
   */
  static byte[] of(
      String name, String type, Map<String, String> libraries, Map<String, Object> settings) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("data.pkl", pickle(type, settings));
    entries.put("constants.pkl", EMPTY_TUPLE);
    entries.put("version", "3\n".getBytes(StandardCharsets.US_ASCII));
    entries.put("code/__torch__.py", resource(name));
    libraries.forEach(
        (library, file) -> entries.put("code/__torch__/" + library + ".py", resource(file)));
    return zip(entries);
  }

  /** The text of a program or library. */
  static byte[] resource(String name) {
    String path = FOLDER + name + ".py";
    try (InputStream in = ProgramArchive.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no program " + path + " on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("program " + path + " cannot be read", e);
    }
  }

  // Pickle protocol 2: a new object of the class, its state a dictionary of the settings.
  private static byte[] pickle(String type, Map<String, Object> settings) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2, 'c'});
    out.writeBytes(("__torch__\n" + type + "\n").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {')', (byte) 0x81, '}', '('});
    Map<String, Object> state = new LinkedHashMap<>(Map.of("training", true));
    state.putAll(settings);
    state.forEach(
        (key, value) -> {
          text(out, key);
          if (value instanceof Boolean flag) {
            out.write(flag ? 0x88 : 0x89);
          } else if (value instanceof String word) {
            text(out, word);
          } else if (value instanceof Double number) {
            out.write('G');
            out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
          } else {
            out.write('J');
            out.writeBytes(littleEndian(Math.toIntExact(((Number) value).longValue())));
          }
        });
    out.writeBytes(new byte[] {'u', 'b', '.'});
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    out.write('X');
    out.writeBytes(littleEndian(bytes.length));
    out.writeBytes(bytes);
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).putInt(Integer.reverseBytes(value)).array();
  }

  private static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(entry.getValue());
        ZipEntry zipEntry = new ZipEntry("program/" + entry.getKey());
        zipEntry.setSize(entry.getValue().length);
        zipEntry.setCrc(crc.getValue());
        zip.putNextEntry(zipEntry);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}

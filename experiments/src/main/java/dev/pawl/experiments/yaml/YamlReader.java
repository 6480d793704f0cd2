package dev.pawl.experiments.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML text into nodes with places: mappings, lists and texts, and nothing that could be
 * code. Tags and aliases are problems, so no text grows by being read.
 */
public final class YamlReader {
  private static final YAMLFactory YAML = new YAMLFactory();

  private final String file;
  private final List<String> problems;
  private final boolean lines;

  private YamlReader(String file, List<String> problems, boolean lines) {
    this.file = file;
    this.problems = problems;
    this.lines = lines;
  }

  /** Reads a file's text; adds duplicate keys to the problems; null where it is not YAML. */
  public static @Nullable YamlNode file(String name, String text, List<String> problems) {
    return new YamlReader(name, problems, true).read(text);
  }

  /** Reads the value of an override; its place is the command line. */
  public static YamlNode value(String text, List<String> problems) {
    YamlNode value = new YamlReader("command line", problems, false).read(text);
    return value == null ? YamlNode.scalar("command line", "") : value;
  }

  private @Nullable YamlNode read(String text) {
    try (YAMLParser parser = YAML.createParser(text)) {
      if (parser.nextToken() == null) {
        return lines ? YamlNode.mapping(file + ":1") : YamlNode.scalar(file, "");
      }
      YamlNode root = node(parser, "");
      if (parser.nextToken() != null) {
        problems.add(place(parser) + ": a second document; one file is one document");
      }
      return root;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String message = e.getOriginalMessage().lines().findFirst().orElse("");
      problems.add((lines ? file + ":" + line : file) + ": not valid YAML: " + message);
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
  }

  private YamlNode node(YAMLParser parser, String path) throws IOException {
    String place = place(parser);
    JsonToken token = parser.currentToken();
    // Some readers make objects of them. This one never does, and nobody shall think that it might.
    if (parser.getTypeId() != null) {
      problems.add(
          "%s: %s: tags such as !%s are not read; write the value alone"
              .formatted(place, path, parser.getTypeId()));
    }
    if (token == JsonToken.START_OBJECT) {
      YamlNode mapping = YamlNode.mapping(place);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        String keyPlace = place(parser);
        String keyPath = path.isEmpty() ? key : path + "." + key;
        parser.nextToken();
        YamlNode value = node(parser, keyPath);
        YamlNode at = new YamlNode(keyPlace, value.scalar(), value.fields(), value.items());
        YamlNode before = mapping.fields().put(key, at);
        if (before != null) {
          problems.add(
              "%s: %s: given twice, first at %s".formatted(keyPlace, keyPath, before.place()));
        }
      }
      return mapping;
    }
    if (token == JsonToken.START_ARRAY) {
      List<YamlNode> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(node(parser, path + "[" + items.size() + "]"));
      }
      return YamlNode.sequence(place, items);
    }
    if (parser.isCurrentAlias()) {
      problems.add("%s: %s: aliases are not read; write the value out".formatted(place, path));
    }
    String text = parser.getText();
    if (token == JsonToken.VALUE_NULL) {
      text = text.isEmpty() ? "" : YamlNode.NULL;
    }
    return YamlNode.scalar(place, text);
  }

  private String place(YAMLParser parser) {
    return lines ? file + ":" + parser.currentTokenLocation().getLineNr() : file;
  }
}

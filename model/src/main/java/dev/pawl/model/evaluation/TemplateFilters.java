package dev.pawl.model.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the tasks of the harness do to text, as filters of the template language. */
final class TemplateFilters extends AbstractExtension {
  // Python's literals of text are nearly JSON; that is how RACE stores its problems.
  private static final JsonMapper LITERALS =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .build();

  @Override
  public Map<String, Filter> getFilters() {
    Map<String, Filter> filters = new LinkedHashMap<>();
    filters.put("strip_start", text(PythonText::stripStart));
    filters.put("strip_end", text(PythonText::stripEnd));
    filters.put("strip", text(PythonText::strip));
    filters.put("sentence_case", text(PythonText::capitalize));
    // At single spaces, the last piece alone or all before it.
    filters.put("last_word", text(whole -> whole.substring(whole.lastIndexOf(' ') + 1)));
    filters.put(
        "before_last_word", text(whole -> whole.substring(0, Math.max(0, whole.lastIndexOf(' ')))));
    filters.put("before_blank", text(whole -> whole.substring(0, blank(whole))));
    filters.put("after_blank", text(whole -> whole.substring(blank(whole) + 1)));
    filters.put("wikitext", text(Wikitext::detokenize));
    filters.put("wikihow", text(TemplateFilters::wikihow));
    filters.put("race_last", new Race(problems -> problems.get(problems.size() - 1)));
    filters.put("race_questions", new Race(TemplateFilters::questions));
    return filters;
  }

  private static int blank(String sentence) {
    int at = sentence.indexOf('_');
    if (at < 0) {
      throw new IllegalArgumentException("there is no blank '_' in '" + sentence + "'");
    }
    return at;
  }

  // Brackets are what is left of WikiHow's page structure.
  private static String wikihow(String text) {
    return PythonText.strip(text)
        .replace(" [title]", ". ")
        .replaceAll("\\[[^\n]*?\\]", "")
        .replace("  ", " ");
  }

  private static Filter text(UnaryOperator<String> change) {
    return new Text(change);
  }

  /** A filter from text to text. */
  private record Text(UnaryOperator<String> change) implements Filter {
    @Override
    public @Nullable List<String> getArgumentNames() {
      return null;
    }

    @Override
    public Object apply(
        @Nullable Object input,
        Map<String, Object> arguments,
        PebbleTemplate template,
        EvaluationContext context,
        int line)
        throws PebbleException {
      return change.apply(String.valueOf(input));
    }
  }

  // All problems but the last with their answers, then the last question.
  private static String questions(List<Map<String, Object>> problems) {
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> problem : problems.subList(0, problems.size() - 1)) {
      String question = String.valueOf(problem.get("question"));
      int letter = "ABCD".indexOf(String.valueOf(problem.get("answer")));
      Object answer = ((List<?>) problem.get("options")).get(letter);
      // So the harness: of a question that ends with a blank only the blank is left.
      text.append(
          question.endsWith("  _  .")
              ? question.substring(question.length() - 5) + answer + "\n"
              : "Question: " + question + "\nAnswer: " + answer + "\n");
    }
    return text.append(problems.get(problems.size() - 1).get("question")).toString();
  }

  /** A filter over the problems of a RACE article, a list or Python's way of writing one. */
  private record Race(Function<List<Map<String, Object>>, Object> change) implements Filter {
    private static final TypeReference<List<Map<String, Object>>> PROBLEMS =
        new TypeReference<>() {};

    @Override
    public @Nullable List<String> getArgumentNames() {
      return null;
    }

    @Override
    public Object apply(
        @Nullable Object input,
        Map<String, Object> arguments,
        PebbleTemplate template,
        EvaluationContext context,
        int line)
        throws PebbleException {
      try {
        List<Map<String, Object>> problems =
            input instanceof String written
                ? LITERALS.readValue(written, PROBLEMS)
                : LITERALS.convertValue(input, PROBLEMS);
        if (problems == null || problems.isEmpty()) {
          throw new IllegalArgumentException("there is no problem");
        }
        return change.apply(problems);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("no list of problems: " + e.getOriginalMessage(), e);
      }
    }
  }
}

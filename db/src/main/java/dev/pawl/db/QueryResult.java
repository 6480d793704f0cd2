package dev.pawl.db;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query gave.
 *
 * @param columns their names in order
 * @param rows values in the order of the columns: text, a number, a truth value, a list, a tree of
 *     JSON, or null; times as text in ISO 8601
 * @param cut whether there were more rows than asked for
 */
public record QueryResult(List<String> columns, List<List<@Nullable Object>> rows, boolean cut) {}

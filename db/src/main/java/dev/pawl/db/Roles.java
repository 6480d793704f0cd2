package dev.pawl.db;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * The roles of a database that several people and machines share: {@code pawl_worker} does stages,
 * {@code pawl_operator} asks for runs and steers them. Both read everything; what they write is in
 * the table {@code permission}. Neither owns a table, so neither can change or drop one.
 */
public final class Roles {
  /** Does stages: {@code pawl worker}. */
  public static final String WORKER = "pawl_worker";

  /** Asks for runs and steers them: {@code pawl submit}, {@code retry}, {@code stop} ... */
  public static final String OPERATOR = "pawl_operator";

  /** All roles that a login can be given. */
  public static final List<String> ALL = List.of(WORKER, OPERATOR, ReaderRole.NAME);

  private final Jdbi jdbi;

  Roles(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Makes the roles where there are none, and gives them what they need and nothing else. Only the
   * owner of the tables can.
   *
   * @return what is in the way, and who can help; empty when all is done
   */
  public Optional<String> grant() {
    return jdbi.inTransaction(
        handle -> handle.createQuery("SELECT grant_roles()").mapTo(String.class).findOne());
  }
}

package dev.pawl.cli;

import dev.pawl.db.DatabaseUnavailableException;
import dev.pawl.db.Secrets;
import dev.pawl.experiments.ConfigException;
import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a command says on stderr when it fails, and the exit code that goes with it. */
final class Failures {
  private Failures() {}

  /** Says what failed and returns the exit code. */
  static int report(Throwable failure) {
    Throwable cause =
        failure instanceof UncheckedIOException unchecked ? unchecked.getCause() : failure;
    System.err.println("pawl: " + Secrets.masked(describe(cause)));
    return code(cause);
  }

  /** Says what is wrong with a command line, and how it would be right. */
  static int usage(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("pawl: " + Secrets.masked(wrong.getMessage().replaceFirst("^Error: ", "")));
    boolean group = !command.getSubcommands().isEmpty();
    if (!UnmatchedArgumentException.printSuggestions(wrong, err) && group) {
      command.usage(err);
    } else if (!group) {
      err.print(command.getHelp().synopsisHeading());
      err.print(command.getHelp().synopsis(command.getHelp().synopsisHeadingLength()));
    }
    if (!group) {
      err.printf("'%s --help' explains%n", command.getCommandSpec().qualifiedName());
    }
    err.flush();
    return ExitCode.USAGE;
  }

  private static String describe(Throwable failure) {
    boolean known =
        failure instanceof ConfigException
            || failure instanceof PawlException
            || failure instanceof NotFoundException
            || failure instanceof DatabaseUnavailableException;
    if (known) {
      return failure.getMessage();
    }
    if (failure instanceof IOException problem) {
      return "%s; check the file and the disk, then run the same command again"
          .formatted(describe(problem));
    }
    LoggerFactory.getLogger(Failures.class).error("unexpected failure", failure);
    return failure instanceof OutOfMemoryError
        ? "Java's memory is exhausted (%s); give it more with JAVA_TOOL_OPTIONS=-Xmx8g"
            .formatted(failure.getMessage())
        : "BUG: %s (pawl.log in the home folder has the details)".formatted(failure);
  }

  // The messages of these are a path alone.
  private static String describe(IOException problem) {
    String path = problem.getMessage();
    if (problem instanceof NoSuchFileException) {
      return path + ": no such file or folder";
    }
    if (problem instanceof AccessDeniedException) {
      return path + ": access denied";
    }
    if (problem instanceof FileAlreadyExistsException) {
      return path + ": is there already";
    }
    if (problem instanceof NotDirectoryException) {
      return path + ": is no folder";
    }
    boolean plain =
        problem instanceof FileSystemException || problem instanceof FileNotFoundException;
    return plain ? path : problem.toString();
  }

  private static int code(Throwable failure) {
    if (failure instanceof ConfigException) {
      return ExitCode.USAGE;
    }
    if (failure instanceof NotFoundException) {
      return ExitCode.NOT_FOUND;
    }
    if (failure instanceof BusyException) {
      return ExitCode.BUSY;
    }
    boolean config =
        failure instanceof PawlException known && known.failureCause() == FailureCause.CONFIG;
    return config ? ExitCode.USAGE : ExitCode.FAILED;
  }
}

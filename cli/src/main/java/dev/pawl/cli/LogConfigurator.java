package dev.pawl.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import dev.pawl.cli.observe.JsonLines;
import org.slf4j.Logger;

/**
 * Sets up the program's log, as {@link LogFile} says. In code: reading the same from an XML file
 * takes a tenth of a second of every command. A file that {@code logback.configurationFile} names
 * has precedence.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  private static final String FOR_PEOPLE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level "
          + "%replace([%X{run} %X{stage} #%X{attempt}] ){'\\[  #\\] ', ''}%logger{30} %msg%n";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    String file = System.getProperty(LogFile.PATH, LogFile.DEFAULT);
    configure(context, file, Boolean.getBoolean(LogFile.JSON));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * The same for a file and a format.
   *
   * @param json whether a line is one of {@link JsonLines}
   */
  static void configure(LoggerContext context, String file, boolean json) {
    // Results own stdout; the logging library must not talk there about itself.
    context.getStatusManager().add(new NopStatusListener());
    // Whatever is logged, neither layout lets a secret get into the file.
    Layout<ILoggingEvent> layout = json ? new JsonLines() : forPeople();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setName("FILE");
    appender.setFile(file);
    appender.setEncoder(encoder);
    encoder.setParent(appender);
    encoder.start();
    appender.start();
    context.getLogger("io.temporal").setLevel(Level.ERROR);
    // At a finer level it writes what it signs.
    context.getLogger("software.amazon.awssdk").setLevel(Level.WARN);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  private static MaskedLayout forPeople() {
    MaskedLayout layout = new MaskedLayout();
    layout.setPattern(FOR_PEOPLE);
    return layout;
  }
}

package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTest {
  @Test
  void textFromOutsideCannotBecomeMarkup() {
    String evil = "<script>alert(\"x\")</script>&'";

    String page =
        new Html(evil)
            .heading(evil)
            .text(evil)
            .code(evil)
            .table(List.of(evil), List.of(List.of(evil)))
            .page();

    assertFalse(page.contains("<script>"));
    assertTrue(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;"));
  }
}

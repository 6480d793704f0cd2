/**
 * The report: one page of HTML that needs nothing from outside. A section a class, each of which
 * makes tables and plots of what {@link dev.pawl.cli.report.ReportData} read; {@link
 * dev.pawl.cli.report.ReportPage} alone knows HTML.
 */
@NullMarked
package dev.pawl.cli.report;

import org.jspecify.annotations.NullMarked;

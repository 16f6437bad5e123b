/**
 * HTML pages for sign-in, registration, links in emails, account settings and privacy. They are
 * rendered on the server, need no script and load nothing from other hosts. A page only sends
 * commands and shows the result; all rules live in the domains.
 */
@NullMarked
package dev.rookery.protocol.page;

import org.jspecify.annotations.NullMarked;

/** Emails to players over SMTP; without a mail server, to the log. */
@NullMarked
package dev.rookery.email;

import org.jspecify.annotations.NullMarked;

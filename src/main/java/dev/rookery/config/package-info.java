/** Configuration as records, read from a file and then the environment, checked as a whole. */
@NullMarked
package dev.rookery.config;

import org.jspecify.annotations.NullMarked;

/** The script of the worker that a page reads with. */
import '../engine/reader_worker_entry';

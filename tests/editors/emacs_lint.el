;;; Compiles codearch.el and reads its docs as a package's are read; prints each complaint.

(setq package-directory-list '("/usr/share/emacs/site-lisp/elpa")) ; -Q hides Debian's packages
(require 'package)
(package-initialize)
(unless (require 'eglot nil t)
  (princ "no eglot")
  (kill-emacs))
(require 'bytecomp)
(require 'checkdoc)

(let* ((file (getenv "CLIENT"))
       (byte-compile-error-on-warn t)
       (byte-compile-dest-file-function (lambda (_) (concat file "c"))))
  (unless (byte-compile-file file)
    (with-current-buffer "*Compile-Log*" (princ (buffer-string)))
    (kill-emacs 1))
  (let ((checkdoc-create-error-function
         (lambda (text start _end &optional _unfixable)
           (princ (format "checkdoc: %s: %s\n" (line-number-at-pos (or start 1)) text))
           nil)))
    (with-current-buffer (find-file-noselect file)
      (checkdoc-current-buffer t)
      (require 'lisp-mnt)
      (dolist (header '("version" "package-requires" "keywords" "url" "author"))
        (unless (lm-header header) (princ (format "checkdoc: no %s\n" header)))))))
(princ "linted\n")

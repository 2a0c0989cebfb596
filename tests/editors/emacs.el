;;; Drives Emacs 28 or later with eglot as its user does; prints "passed" or fails.

(setq package-directory-list '("/usr/share/emacs/site-lisp/elpa")) ; -Q hides Debian's packages
(require 'package)
(package-initialize)
(unless (require 'eglot nil t)
  (princ "no eglot")
  (kill-emacs))

(defun until-true (what holds)
  "Wait until HOLDS returns something; fail with WHAT where it does not."
  (let ((end (+ (float-time) 30)))
    (while (and (not (funcall holds)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (or (funcall holds) (error "waited in vain for %s" what))))

(defun server () (eglot-current-server))

(defun command (name &optional argument)
  (jsonrpc-request (server) :workspace/executeCommand
                   (list :command (concat "codearch." name)
                         :arguments (if argument (vector argument) []))
                   :timeout 30))

(defun found (query)
  (mapcar (lambda (hit) (plist-get hit :symbol))
          (plist-get (command "search" (list :query query)) :results)))

(add-to-list 'eglot-server-programs '(python-mode . ("codearch" "lsp")))
(setq eglot-sync-connect 30)
(find-file "prices.py")
(call-interactively #'eglot)
(command "index.flush")

(goto-char (point-min))
(search-forward "def gross_")
(let ((hover (jsonrpc-request (server) :textDocument/hover
                              (eglot--TextDocumentPositionParams))))
  (cl-assert (string-match-p "Called.* by 2 functions"
                             (eglot--hover-info (plist-get hover :contents)))
             t))

(let ((symbol (car (xref-backend-apropos 'eglot "grossprice"))))
  (cl-assert (string-match-p "gross_price" (xref-item-summary symbol)) t))

(flymake-start)
(until-true "findings" #'flymake-diagnostics)
(cl-assert (equal 1 (length (flymake-diagnostics))))
(cl-assert (string-match-p "todo" (flymake-diagnostic-text (car (flymake-diagnostics)))) t)

(goto-char (point-min))
(insert "def zebra_fee(net):\n    return net / 7\n\n\n")
(eglot--signal-textDocument/didChange)
(until-true "unsaved text"
            (lambda () (command "index.flush") (equal "zebra_fee" (car (found "zebra_fee")))))
(set-buffer-modified-p nil)

(eglot-shutdown (server))
(princ "passed\n")

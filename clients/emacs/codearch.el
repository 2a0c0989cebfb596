;;; codearch.el --- Understand code that you inherited  -*- lexical-binding: t; -*-

;; Copyright 2026 The CodeArchaeologist authors

;; Author: The CodeArchaeologist authors
;; Version: 0.1.1
;; Package-Requires: ((emacs "28.1") (eglot "1.9"))
;; Keywords: convenience, languages, tools
;; URL: https://example.org/codearchaeologist
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; CodeArchaeologist is a language server that finds code by what it
;; means, says who calls it, who wrote it and why it changed, and points
;; out what will cost you later.  This file starts it by eglot and shows
;; what it answers, by xref or `completing-read'.
;;
;; Every command starts the server for the buffer that it is called in.
;; To have `eglot' itself start it, where no other server is used:
;;
;;     (require 'codearch)
;;     (codearch-contribute)
;;     (add-hook 'python-mode-hook #'eglot-ensure)
;;
;; Commands: `codearch-search', `codearch-similar', `codearch-explain',
;; `codearch-debt', `codearch-graph', `codearch-status', `codearch-pause',
;; `codearch-resume', `codearch-flush', `codearch-rebuild' and
;; `codearch-restart'.

;;; Code:

(require 'cl-lib)
(require 'eglot)
(require 'jsonrpc)
(require 'seq)
(require 'subr-x)
(require 'url-parse)
(require 'url-util)
(require 'xref)

(defgroup codearch nil
  "Understand code that you inherited."
  :group 'tools
  :prefix "codearch-")

(defcustom codearch-command '("codearch" "lsp")
  "The program that serves, and its arguments."
  :type '(repeat string)
  :risky t)

(defcustom codearch-modes
  '(python-mode python-ts-mode js-mode js-ts-mode typescript-mode
    typescript-ts-mode tsx-ts-mode java-mode java-ts-mode go-mode
    go-ts-mode rust-mode rust-ts-mode c-mode c-ts-mode c++-mode
    c++-ts-mode csharp-mode csharp-ts-mode)
  "Major modes whose buffers are served."
  :type '(repeat symbol))

(defcustom codearch-results 'xref
  "How places are shown: in a buffer of xref, or to choose one of."
  :type '(choice (const :tag "A buffer of xref" xref)
                 (const :tag "Choose one" completing-read)))

(defconst codearch-needed "0.1.1"
  "The oldest version of the server that these commands speak with.")

(defcustom codearch-seconds 60
  "How long an answer is waited for; that of `codearch-flush' ten times as long."
  :type 'natnum)

(defvar codearch-history nil
  "What has been searched for.")

(defclass codearch-server (eglot-lsp-server)
  ((status :initform nil :accessor codearch-server-status
           :documentation "What the server told last of itself."))
  :documentation "A server of CodeArchaeologist.")

;;; The server

(defun codearch-contact (&rest _)
  "Return how eglot reaches the server; signal an error if it is not found."
  (unless (executable-find (car codearch-command))
    (user-error "CodeArchaeologist: %s is not found; install it (pipx install\
 codearchaeologist), or name it in `codearch-command'"
                (car codearch-command)))
  (cons 'codearch-server codearch-command))

(defun codearch--program ()
  "Return an entry of `eglot-server-programs'."
  (cons codearch-modes #'codearch-contact))

;;;###autoload
(defun codearch-contribute ()
  "Have `eglot' start CodeArchaeologist in `codearch-modes'.
Eglot speaks to one server a buffer: this is for those who use no other."
  (add-to-list 'eglot-server-programs (codearch--program)))

(cl-defmethod eglot-handle-notification
  ((server codearch-server) (_method (eql codearch/status)) &rest status)
  "Keep STATUS of SERVER, and say if that is too old."
  (unless (codearch-server-status server)
    (codearch--check-version (plist-get status :version)))
  (setf (codearch-server-status server) status)
  (force-mode-line-update t))

(defun codearch--check-version (version)
  "Warn if VERSION of the server is older than what is needed."
  (when (or (not (stringp version))
            (ignore-errors (version< version codearch-needed)))
    (display-warning
     'codearch
     (format "The server is version %s, and %s or later is needed.\
  Update it: pipx upgrade codearchaeologist."
             (codearch--plain version) codearch-needed))))

(defun codearch--server ()
  "Return the server of this buffer; start it where there is none."
  (let ((server (eglot-current-server)))
    (cond
     ((cl-typep server 'codearch-server) server)
     (server
      (user-error "CodeArchaeologist: another server serves this buffer, and\
 eglot speaks to one alone; \\[eglot-shutdown] ends it"))
     ((not buffer-file-name)
      (user-error "CodeArchaeologist: this buffer visits no file; ask in one\
 that does"))
     (t
      (codearch-contact)
      (let ((current-prefix-arg nil)
            (eglot-server-programs
             (cons (cons major-mode #'codearch-contact) eglot-server-programs)))
        (call-interactively #'eglot))
      (codearch--started)))))

(defun codearch--started ()
  "Return the server that was just started; signal an error if it was not."
  (let ((end (+ (float-time) codearch-seconds)))
    (while (and (not (eglot-current-server)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (or (eglot-current-server)
        (user-error "CodeArchaeologist: the server did not start; the buffer\
 *EGLOT ... stderr* says why"))))

(defun codearch--ask (name &optional argument seconds)
  "Return the server's answer to the command NAME with ARGUMENT, a plist.
Wait SECONDS for it at most, `codearch-seconds' by default."
  (let ((server (codearch--server)))
    (condition-case refusal
        (jsonrpc-request server :workspace/executeCommand
                         (list :command (concat "codearch." name)
                               :arguments (vector (or argument
                                                      (make-hash-table))))
                         :deferred :codearch
                         :timeout (or seconds codearch-seconds))
      (jsonrpc-error (codearch--refuse refusal)))))

(defun codearch--refuse (refusal)
  "Signal the sentence of REFUSAL, an error of jsonrpc."
  (user-error "CodeArchaeologist: %s"
              (codearch--plain
               (or (alist-get 'jsonrpc-error-message (cddr refusal))
                   (cadr refusal)
                   "the server gave no answer; M-x codearch-restart"))))

(defun codearch-state ()
  "Return how fresh the index of this buffer is, for a mode line."
  (let ((server (eglot-current-server)))
    (and (cl-typep server 'codearch-server)
         (plist-get (codearch-server-status server) :state))))

;;; Places

(defun codearch--plain (text)
  "Return TEXT of the workspace as one line without control characters."
  (replace-regexp-in-string
   "[[:cntrl:]]+" " "
   (replace-regexp-in-string
    "[\u200e\u200f\u2028-\u202e\u2066-\u2069]" ""
    (substring-no-properties (format "%s" text)))))

(defun codearch--file (uri)
  "Return the name of the file of URI."
  (let ((path (decode-coding-string
               (url-unhex-string
                (url-filename (url-generic-parse-url uri)))
               'utf-8)))
    (if (string-match-p "\\`/[a-zA-Z]:" path) (substring path 1) path)))

(defun codearch--uri ()
  "Return the URI of this buffer's file."
  (concat "file://"
          (if (eq system-type 'windows-nt) "/" "")
          (url-hexify-string (file-truename buffer-file-name)
                             url-path-allowed-chars)))

(defun codearch--here ()
  "Return where point is, as the server counts: columns in UTF-16."
  (let ((before (buffer-substring-no-properties (line-beginning-position)
                                                (point))))
    (list :uri (codearch--uri)
          :position
          (list :line (1- (line-number-at-pos nil t))
                :character (/ (length (encode-coding-string before 'utf-16le))
                              2)))))

(defun codearch--place (text uri range)
  "Return a place of xref: TEXT, and where RANGE of URI begins."
  (let ((start (plist-get range :start)))
    (xref-make (codearch--plain text)
               (xref-make-file-location (codearch--file uri)
                                        (1+ (plist-get start :line))
                                        (plist-get start :character)))))

(defun codearch--show (what places)
  "Show PLACES, which are WHAT was asked for, best first."
  (cond
   ((null places) (codearch--nothing what))
   ((eq codearch-results 'completing-read) (codearch--choose what places))
   (t (funcall xref-show-xrefs-function (lambda () places)
               `((window . ,(selected-window)))))))

(defun codearch--choose (what places)
  "Ask for one of PLACES, which are WHAT was asked for, and go there."
  (let* ((choices
          (cl-loop for place in places
                   for where = (xref-item-location place)
                   collect (cons (format "%s:%d %s"
                                         (file-relative-name
                                          (xref-location-group where))
                                         (xref-location-line where)
                                         (xref-item-summary place))
                                 place)))
         (table (lambda (text predicate action)
                  (if (eq action 'metadata)
                      '(metadata (display-sort-function . identity)
                                 (category . codearch))
                    (complete-with-action action choices text predicate))))
         (chosen (completing-read (format "%s: " what) table nil t)))
    (xref-push-marker-stack)
    (let ((marker (xref-location-marker
                   (xref-item-location (cdr (assoc chosen choices))))))
      (switch-to-buffer (marker-buffer marker))
      (goto-char marker))))

(defun codearch--nothing (what)
  "Say that nothing was found for WHAT, and why that may be."
  (pcase (codearch-state)
    ("paused" (message "CodeArchaeologist: nothing found for %s; the index is\
 paused: M-x codearch-resume" what))
    ((or "starting" "indexing")
     (message "CodeArchaeologist: nothing found yet for %s; the index is being\
 made: ask again in a moment" what))
    (_ (message "CodeArchaeologist: nothing found for %s" what))))

(defun codearch--name (hit)
  "Return kind and name of HIT, with what it stands in."
  (let ((container (plist-get hit :container))
        (name (plist-get hit :symbol))
        (kind (plist-get hit :kind)))
    (cond ((not (string-empty-p container))
           (concat kind " " container "." name))
          ((not (string-empty-p name)) (concat kind " " name))
          ((equal kind "module") "top-level code")
          (t kind))))

;;; Commands

;;;###autoload
(defun codearch-search (query)
  "Find code by what QUERY means.
\"...\" is an exact phrase; lang:go kind:class path:src/** filter."
  (interactive
   (list (if (use-region-p)
             (buffer-substring-no-properties (region-beginning) (region-end))
           (read-string "Search by meaning: " nil 'codearch-history))))
  (codearch--show
   (format "search: %s" (codearch--plain query))
   (mapcar (lambda (hit)
             (codearch--place
              (concat (codearch--name hit)
                      (mapconcat (lambda (why)
                                   (format "  · %s %s" (plist-get why :signal)
                                           (plist-get why :detail)))
                                 (plist-get hit :why) ""))
              (plist-get hit :uri) (plist-get hit :range)))
           (plist-get (codearch--ask "search" (list :query query)) :results))))

;;;###autoload
(defun codearch-similar ()
  "Find code like that at point."
  (interactive)
  (codearch--server)
  (codearch--show
   "similar code"
   (mapcar (lambda (hit)
             (codearch--place
              (format "%d %% %s"
                      (round (* 100 (or (plist-get hit :similarity) 0)))
                      (codearch--name hit))
              (plist-get hit :uri) (plist-get hit :range)))
           (plist-get (codearch--ask "similar" (codearch--here)) :results))))

;;;###autoload
(defun codearch-debt (&optional whole category)
  "List the findings of this file; with a prefix those of the WHOLE workspace.
With a prefix a CATEGORY is asked for as well."
  (interactive
   (and current-prefix-arg (list t (codearch--read-category))))
  (codearch--server)
  (let* ((path (and (not whole) (codearch--relative)))
         (answer (codearch--ask
                  "debt.list"
                  (append (and path (list :path path))
                          (and category (list :category category))))))
    (codearch--show
     "debt"
     (mapcar (lambda (item)
               (codearch--place
                (format "%s [%s] %.1f h, priority %d"
                        (plist-get item :message) (plist-get item :rule)
                        (plist-get item :effortHours)
                        (round (plist-get item :priority)))
                (plist-get item :uri) (plist-get item :range)))
             (plist-get answer :items)))
    (message "Debt: %d of %d, %.1f h" (length (plist-get answer :items))
             (plist-get answer :total)
             (plist-get (plist-get answer :summary) :effortHours))))

(defun codearch--read-category ()
  "Ask for one of the categories in which there are findings, or nil."
  (let* ((summary (plist-get (codearch--ask "debt.list" '(:limit 1)) :summary))
         (names (cl-loop for (name _) on (plist-get summary :byCategory)
                         by #'cddr collect (substring (symbol-name name) 1)))
         (chosen (completing-read "Category (all): " names nil t)))
    (if (string-empty-p chosen) nil chosen)))

(defun codearch--relative ()
  "Return the path of this buffer's file below its root."
  (let ((root (project-root (or (project-current)
                                (list 'transient default-directory)))))
    (file-relative-name (file-truename buffer-file-name)
                        (file-truename root))))

;;;###autoload
(defun codearch-status ()
  "Say how fresh the index is, how large, and what is off."
  (interactive)
  (codearch--tell (codearch--ask "status")))

(defun codearch--tell (status)
  "Say STATUS in words."
  (message "%s"
           (concat
            (format "CodeArchaeologist: %s, %d files, %d symbols, %d waiting\
 for vectors, health %s"
                    (plist-get status :state) (plist-get status :files)
                    (plist-get status :symbols) (plist-get status :pending)
                    (plist-get status :health))
            (mapconcat (lambda (problem)
                         (concat "\n  "
                                 (codearch--plain
                                  (format "%s %s" (plist-get problem :message)
                                          (or (plist-get problem :mend) "")))))
                       (plist-get status :problems) ""))))

;;;###autoload
(defun codearch-pause ()
  "Let the index rest until `codearch-resume'."
  (interactive)
  (codearch--tell (codearch--ask "index.pause")))

;;;###autoload
(defun codearch-resume ()
  "Have the index follow the files again after `codearch-pause'."
  (interactive)
  (codearch--tell (codearch--ask "index.resume")))

;;;###autoload
(defun codearch-flush ()
  "Wait until all that was written before is searchable."
  (interactive)
  (codearch--ask "index.flush" nil (* 10 codearch-seconds))
  (message "CodeArchaeologist: all that was written before is searchable"))

;;;###autoload
(defun codearch-rebuild ()
  "Throw the index away and build it anew."
  (interactive)
  (codearch--tell (codearch--ask "index.rebuild")))

;;;###autoload
(defun codearch-restart ()
  "End the server of this buffer and start it again."
  (interactive)
  (let ((server (eglot-current-server)))
    (if (cl-typep server 'codearch-server)
        (eglot-reconnect server)
      (codearch--server))
    (message "CodeArchaeologist: the server has been started again")))

;;; Explanations

(define-derived-mode codearch-explain-mode special-mode "Explain"
  "What is known of a symbol; its links are buttons."
  (setq-local truncate-lines nil word-wrap t))

;;;###autoload
(defun codearch-explain (&optional symbol)
  "Show what is known of the code at point, or with a prefix of SYMBOL."
  (interactive (and current-prefix-arg (list (codearch--read-symbol))))
  (codearch--server)
  (let ((answer (codearch--ask "explain" (if symbol
                                             (list :symbol symbol)
                                           (codearch--here)))))
    (with-current-buffer (get-buffer-create "*codearch*")
      (codearch-explain-mode)
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert (plist-get answer :markdown) "\n")
        (codearch--buttons)
        (goto-char (point-min)))
      (display-buffer (current-buffer)))))

(defun codearch--buttons ()
  "Make buttons of the links to files in this buffer, and plain text of the rest."
  (goto-char (point-min))
  (while (re-search-forward
          "\\[\\(\\(?:[^]\n\\]\\|\\\\.\\)*\\)](\\(file:[^)#]*\\)#L\\([0-9]+\\)[^)]*)"
          nil t)
    (let* ((label (match-string 1))
           (uri (match-string 2))
           (line (1- (string-to-number (match-string 3))))
           (start (match-beginning 0))
           (end (copy-marker (match-end 0)))
           (place (codearch--place
                   "" uri (list :start (list :line line :character 0)))))
      (delete-region start end)
      (goto-char start)
      (insert (replace-regexp-in-string "\\\\\\(.\\)" "\\1" label))
      (make-text-button start (point) 'codearch-place place
                        'action #'codearch--push)))
  (goto-char (point-min))
  (while (re-search-forward "\\\\\\([][!-/:-@\\^-`{-~]\\)\\|\\*\\*\\|^```.*\n" nil t)
    (replace-match (or (match-string 1) "") t t)))

(defun codearch--push (button)
  "Go to the place of BUTTON."
  (let ((marker (xref-location-marker
                 (xref-item-location (button-get button 'codearch-place)))))
    (pop-to-buffer (marker-buffer marker))
    (goto-char marker)))

(defun codearch--read-symbol ()
  "Ask for a symbol of the workspace."
  (let ((server (codearch--server)))
    (completing-read
     "Explain: "
     (completion-table-dynamic
      (lambda (text)
        (mapcar (lambda (found) (codearch--plain (plist-get found :name)))
                (ignore-errors
                  (jsonrpc-request server :workspace/symbol (list :query text)
                                   :timeout 5))))))))

;;; Panels in the browser

(defvar codearch--panels nil
  "What serves panels, by root: a process, whose property `address' says where.")

;;;###autoload
(defun codearch-graph ()
  "Show the code graph in the browser, where `codearch panels' serves it."
  (interactive)
  (let* ((project (project-current))
         (root (expand-file-name (if project (project-root project) default-directory)))
         (serving (cdr (assoc root codearch--panels)))
         (address (and serving (process-live-p serving) (process-get serving 'address))))
    (if address
        (browse-url (concat address "&panel=graph"))
      (setf (alist-get root codearch--panels nil nil #'equal)
            (codearch--serve-panels root)))))

(defun codearch--serve-panels (root)
  "Start serving the panels of ROOT; show the graph when the address is told."
  (let ((default-directory root))
    (make-process
     :name "codearch-panels"
     :command (append (seq-take-while (lambda (word) (not (equal word "lsp")))
                                      codearch-command)
                      (list "panels" "--root" root))
     :noquery t
     :connection-type 'pipe
     :filter (lambda (process text)
               (let ((told (concat (process-get process 'told) text)))
                 (process-put process 'told told)
                 (when (and (not (process-get process 'address))
                            (string-match "^http://[^ \n]+\n" told))
                   (process-put process 'address (string-trim (match-string 0 told)))
                   (browse-url (concat (process-get process 'address) "&panel=graph")))))
     :sentinel (lambda (process _event)
                 (unless (or (process-live-p process) (process-get process 'address))
                   (message "CodeArchaeologist: %s"
                            (string-trim (or (process-get process 'told) ""))))))))

(provide 'codearch)
;;; codearch.el ends here

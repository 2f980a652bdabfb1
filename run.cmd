@echo off
rem Installs what is missing, then hands over: the same as the script run, for Windows with an installed Python. UNTESTED.
rem
rem   run [--data DIR] [COMMAND ...]       main.py's commands; without one, the window
rem   run test [pytest's arguments]        every check; with arguments, only pytest with them
rem   run benchmark NAME [--quick]         one program of tests\benchmarks
rem
rem Copies of the locks in .venv are the stamps: taken away before an installation and written after it. A .venv without the first one is
rem unfinished and is made anew. Everything said goes to standard error.
setlocal DisableDelayedExpansion
set "here=%~dp0"
set "python=%here%.venv\Scripts\python.exe"
set "app_stamp=%here%.venv\installed.lock"
set "test_stamp=%here%.venv\installed-tests.lock"

if "%~1"=="test" goto test
if "%~1"=="benchmark" goto benchmark

call :prepare app
if errorlevel 1 exit /b 1
"%python%" "%here%main.py" %*
exit /b %ERRORLEVEL%

:test
call :prepare test
if errorlevel 1 exit /b 1
cd /d "%here%"
if not "%~2"=="" goto some_tests
"%python%" -m ruff check . || exit /b 1
"%python%" -m ruff format --check . || exit /b 1
"%python%" -m mypy || exit /b 1
"%here%.venv\Scripts\lint-imports.exe" || exit /b 1
"%python%" -m pytest -n 2
exit /b %ERRORLEVEL%

:some_tests
call :rest %*
"%python%" -m pytest %arguments%
exit /b %ERRORLEVEL%

:benchmark
echo(%~2| findstr /r /x "[a-z_][a-z_]*" >nul || goto no_benchmark
if not exist "%here%tests\benchmarks\%~2.py" goto no_benchmark
call :prepare test
if errorlevel 1 exit /b 1
cd /d "%here%"
set "name=%~2"
call :rest %*
call :rest %arguments%
"%python%" -m tests.benchmarks.%name% %arguments%
exit /b %ERRORLEVEL%

:no_benchmark
>&2 echo run benchmark NAMA / NAME:
if exist "%here%tests\benchmarks" >&2 dir /b "%here%tests\benchmarks\*.py"
exit /b 2

rem All arguments but the first, quotes kept, as %arguments%.
:rest
set "arguments="
:rest_next
shift /1
if "%~1"=="" exit /b 0
set arguments=%arguments% %1
goto rest_next

rem %1: app or test.
:prepare
if not exist "%python%" goto install
fc /b "%here%requirements.lock" "%app_stamp%" >nul 2>&1 || goto install
if "%~1"=="app" goto check_python
fc /b "%here%tests\requirements.lock" "%test_stamp%" >nul 2>&1 || goto install
rem The interpreter it was made with may have been removed or upgraded.
:check_python
"%python%" -c "import PySide6" >nul 2>&1 && exit /b 0
del /q "%app_stamp%" "%test_stamp%" 2>nul

:install
"%python%" -c "import pip" >nul 2>&1 || del /q "%app_stamp%" 2>nul
if exist "%app_stamp%" goto install_locks
py -3 -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" 2>nul
if errorlevel 1 (
    >&2 echo Diperlukan Python 3.11 atau lebih baru / Python 3.11 or later is needed.
    exit /b 1
)
>&2 echo Membuat lingkungan Python .venv / Making the Python environment .venv
if exist "%here%.venv" rmdir /s /q "%here%.venv"
py -3 -m venv "%here%.venv"
if errorlevel 1 exit /b 1

:install_locks
del /q "%app_stamp%" "%test_stamp%" 2>nul
>&2 echo Memasang pustaka Python / Installing the Python libraries
set "tests_lock="
if "%~1"=="test" set tests_lock=-r "%here%tests\requirements.lock"
"%python%" -m pip install --require-hashes --only-binary :all: --disable-pip-version-check --no-input -r "%here%requirements.lock" %tests_lock% 1>&2
if errorlevel 1 (
    >&2 echo Pustaka Python gagal dipasang; periksa sambungan jaringan / The Python libraries could not be installed; check the network.
    exit /b 1
)
if "%~1"=="test" copy /y "%here%tests\requirements.lock" "%test_stamp%" >nul
copy /y "%here%requirements.lock" "%app_stamp%" >nul
exit /b %ERRORLEVEL%
